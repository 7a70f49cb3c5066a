/**
 * What is said of a field that does not fit, in English, and its Korean. The English is written where the rule stands, `{place}` filled; what zod says of
 * its own rules, it says in either language itself.
 */
export const issueMessages = {
  'is required': '필수 항목입니다',
  'is required, or a name': '이 항목이나 name 중 하나는 필요합니다',
  'is required of whoever is not a member of exactly one workspace':
    '속한 워크스페이스가 하나가 아니면 필수 항목입니다',
  'is required: there are several active {provider} credentials':
    '활성 {provider} 자격증명이 여러 개이므로 필수 항목입니다',
  'is required: the workspace has several active {provider} credentials':
    '워크스페이스에 활성 {provider} 자격증명이 여러 개이므로 필수 항목입니다',
  'you have no active {provider} credential here': '사용할 수 있는 활성 {provider} 자격증명이 없습니다',
  'the workspace has no active {provider} credential': '워크스페이스에 활성 {provider} 자격증명이 없습니다',
  'is not known here': '여기서는 쓸 수 없는 항목입니다',
  'is not valid JSON': '올바른 JSON이 아닙니다',
  'must be text': '텍스트여야 합니다',
  'never comes': '실행되는 때가 없습니다',
  'is too large': '너무 큽니다',
  'is not one of those that Allow names': 'Allow 헤더에 있는 메서드가 아닙니다',
  'is wrong': '올바르지 않습니다',
  'is wrong or has ended': '올바르지 않거나 만료되었습니다',
  'is not one that can be used': '사용할 수 없는 비밀번호입니다',
  'is no time zone': '올바른 시간대가 아닙니다',
  'is always told': '항상 알리므로 끌 수 없습니다',
  'is not a cursor of this list; begin without one': '이 목록의 커서가 아닙니다. 커서 없이 다시 시작하세요',
  'is no instance type of {provider} that is known here': '{provider}에서 알려진 인스턴스 유형이 아닙니다',
  'has no known price in {region}': '{region} 리전에서 알려진 가격이 없습니다',
  'does not go with a cursor': '커서와 함께 쓸 수 없습니다',
  'must be in the future': '미래의 시각이어야 합니다',
  'must be within the years 0000 to 9999': '0000년에서 9999년 사이여야 합니다',
  'must be sent as application/json': 'application/json으로 보내야 합니다',
  'must have 1 to 255 characters': '1자 이상 255자 이하여야 합니다',
  'must be one quoted version, as ETag gave it': 'ETag로 받은, 따옴표로 묶은 버전 하나여야 합니다',
  'send either Authorization or X-API-Key, not both': 'Authorization과 X-API-Key 중 하나만 보내세요',
  'send either data or credentials, not both': 'data와 credentials 중 하나만 보내세요',
  'must be one of {values}': '다음 중 하나여야 합니다: {values}',
  'must be a UUID': 'UUID여야 합니다',
  'must be a number': '숫자여야 합니다',
  'must be a whole number': '정수여야 합니다',
  'must be well-formed text': '올바른 텍스트여야 합니다',
  'must not hold control characters': '제어 문자를 포함할 수 없습니다',
  'must not begin or end with a space': '공백으로 시작하거나 끝날 수 없습니다',
  'must hold a letter': '글자가 하나 이상 있어야 합니다',
  'must hold a digit': '숫자가 하나 이상 있어야 합니다',
  'must be a time of day, HH:MM': 'HH:MM 형식의 시각이어야 합니다',
  'must be a time zone, as in Asia/Seoul': 'Asia/Seoul과 같은 시간대여야 합니다',
  'must not end as they start': '시작과 끝이 같을 수 없습니다',
  'must be five fields of cron: minute hour day month weekday': 'cron의 다섯 필드여야 합니다: 분 시 일 월 요일',
  'must leave 5 minutes between two runs': '두 실행 사이에 5분 이상의 간격이 있어야 합니다',
  'must be a name of the provider': '프로바이더가 쓰는 이름이어야 합니다',
  'must be a name of a region': '리전 이름이어야 합니다',
  'must be a region such as eu-west-1': 'eu-west-1과 같은 리전이어야 합니다',
  'must be at most {max} bytes of UTF-8': 'UTF-8로 {max}바이트 이하여야 합니다',
  'must hold at most {max} tags': '태그는 {max}개까지입니다',
  'must hold letters, digits, spaces and _ . : / = + - @ alone': '글자, 숫자, 공백과 _ . : / = + - @ 만 쓸 수 있습니다',
  'must not begin with aws: or skyclust:': 'aws: 또는 skyclust:로 시작할 수 없습니다',
  'must leave room for the number that each of several VMs gets': '여러 VM에 붙는 번호가 들어갈 자리를 남겨야 합니다',
  'must be the data of a credential of {provider}': '{provider} 자격증명의 데이터여야 합니다',
  'must be a role of an account of your own': '본인 계정의 역할이어야 합니다',
  'must be 16 to 128 capital letters and digits': '대문자와 숫자 16자 이상 128자 이하여야 합니다',
  'must be 1 to {max} printable characters without spaces':
    '공백 없이 출력 가능한 문자 1자 이상 {max}자 이하여야 합니다',
  'must be 8 to 64 hexadecimal digits': '16진수 8자 이상 64자 이하여야 합니다',
  'must be the ARN of a role, such as arn:aws:iam::111122223333:role/skyclust':
    'arn:aws:iam::111122223333:role/skyclust와 같은 역할의 ARN이어야 합니다',
  'must be the id of a project': '프로젝트 ID여야 합니다',
  'must be a private key in PEM, PKCS #8': 'PEM 형식(PKCS #8)의 개인 키여야 합니다',
  'must be the address of a service account': '서비스 계정의 주소여야 합니다',
  'must be an address of Google': 'Google의 주소여야 합니다',
  'must be that of {owner}': '{owner}의 값이어야 합니다',
  'must be googleapis.com': 'googleapis.com이어야 합니다',
  'must be service_account': 'service_account여야 합니다',
  'must be external_account': 'external_account여야 합니다',
  'must be aws1': 'aws1이어야 합니다',
  'must name a provider of a workload identity pool': '워크로드 아이덴티티 풀의 프로바이더여야 합니다',
  'must name a service account to impersonate': '가장할 서비스 계정이어야 합니다',
  'must be workspace:<id>, execution:<id> or event:<id>':
    'workspace:<id>, execution:<id>, event:<id> 중 하나여야 합니다',
} as const;

type Filled<Text> = Text extends `${infer Before}{${string}}${infer After}`
  ? `${Before}${string}${Filled<After>}`
  : Text;

/** A sentence of the table, its places filled: one that has no Korean does not compile. */
export type IssueMessage = Filled<keyof typeof issueMessages>;

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What a sentence with places looks like, filled. */
const patternOf = (english: string) =>
  new RegExp(
    `^${english
      .split(/\{\w+\}/)
      .map(escaped)
      .join('(.+)')}$`,
  );

/** In Korean what stands in the table; else as it is. */
export function inKorean(message: string): string {
  const exact = (issueMessages as Readonly<Record<string, string>>)[message];
  if (exact !== undefined) return exact;
  for (const [english, korean] of Object.entries(issueMessages)) {
    const values = english.includes('{') ? patternOf(english).exec(message)?.slice(1) : undefined;
    if (values === undefined) continue;
    const names = [...english.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    return korean.replace(/\{(\w+)\}/g, (_, name: string) => values[names.indexOf(name)] ?? '');
  }
  return message;
}
