export const computeMessages = {
  'vm.creating': { en: 'VM creation started', ko: 'VM 생성이 시작되었습니다' },
  'vm.deleting': { en: 'VM deletion started', ko: 'VM 삭제가 시작되었습니다' },
  'vm.starting': { en: 'VM start requested', ko: 'VM 시작을 요청했습니다' },
  'vm.restarting': { en: 'VM restart requested', ko: 'VM 재시작을 요청했습니다' },
  'vm.stopping': { en: 'VM stop requested', ko: 'VM 중지를 요청했습니다' },
  'schedule.updated': { en: 'Schedule saved', ko: '일정이 저장되었습니다' },
  'vm.tags_untold': {
    en: 'the cloud has not been told yet of the tags that went before: try again once it answers',
    ko: '이전에 지운 태그를 클라우드에 아직 알리지 못했습니다. 클라우드가 응답한 뒤 다시 시도하세요',
  },
  'vm.wrong_state': {
    en: 'cannot {action} VM: it is {status}',
    ko: 'VM이 {status} 상태이므로 {action} 작업을 할 수 없습니다',
  },
} as const;
