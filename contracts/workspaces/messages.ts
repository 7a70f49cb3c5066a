export const workspaceMessages = {
  'workspace.deleted': { en: 'workspace deleted', ko: '워크스페이스가 삭제되었습니다' },
  'workspace.deletion_started': {
    en: 'workspace deletion started',
    ko: '워크스페이스 삭제를 시작했습니다',
  },
  'workspace.name_taken': {
    en: 'you already own a workspace with this name',
    ko: '같은 이름의 워크스페이스가 이미 있습니다',
  },
  'workspace.owner_has_name': {
    en: 'the owner of this workspace already owns one with this name',
    ko: '이 워크스페이스의 소유자에게 같은 이름의 워크스페이스가 이미 있습니다',
  },
  'workspace.limit': {
    en: 'cannot create workspace: you own {max} already',
    ko: '워크스페이스는 {max}개까지 만들 수 있습니다',
  },
  'workspace.not_empty': {
    en: 'cannot delete workspace: it still holds things',
    ko: '비어 있지 않은 워크스페이스는 삭제할 수 없습니다',
  },
  'workspace.inactive': { en: 'the workspace is not active', ko: '비활성 워크스페이스입니다' },
  'workspace.deleting': { en: 'the workspace is being deleted', ko: '삭제 중인 워크스페이스입니다' },
  'member.added': { en: 'member added', ko: '구성원이 추가되었습니다' },
  'member.updated': { en: 'member role changed', ko: '구성원의 역할이 변경되었습니다' },
  'member.removed': { en: 'member removed', ko: '구성원이 제거되었습니다' },
  'member.exists': { en: 'this user is a member already', ko: '이미 구성원입니다' },
  'member.last_owner': {
    en: 'a workspace keeps at least one owner',
    ko: '워크스페이스에는 소유자가 한 명 이상 있어야 합니다',
  },
  'member.limit': {
    en: 'this user is a member of {max} workspaces already',
    ko: '한 사용자는 {max}개 워크스페이스까지 참여할 수 있습니다',
  },
  'member.workspace_full': {
    en: 'the workspace has {max} members already',
    ko: '워크스페이스의 구성원은 {max}명까지입니다',
  },
  'member.no_heir': {
    en: 'cannot hand over the workspace: the next owner owns {max} already, or one with this name',
    ko: '워크스페이스를 넘길 수 없습니다. 다음 소유자가 이미 {max}개를 소유했거나 같은 이름을 쓰고 있습니다',
  },
  'quota.vms_exceeded': { en: 'the quota of {max} VMs does not allow this', ko: 'VM 한도({max}대)를 넘습니다' },
  'quota.vcpus_exceeded': { en: 'the quota of {max} vCPUs does not allow this', ko: 'vCPU 한도({max}개)를 넘습니다' },
  'quota.credentials_exceeded': {
    en: 'the quota of {max} credentials does not allow this',
    ko: '자격증명 한도({max}개)를 넘습니다',
  },
  'quota.below_use': {
    en: 'cannot set quota: more is in use already',
    ko: '현재 사용량보다 작은 한도는 설정할 수 없습니다',
  },
} as const;
