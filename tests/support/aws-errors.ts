/** An error as the SDK makes one from the service's answer. */
export const awsError = (name: string, status = 400): Error =>
  Object.assign(new Error(`${name} was injected`), {
    name,
    $fault: status < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode: status },
  });

/** An error as Node's network makes one. */
export const networkError = (code: string, syscall = 'read'): Error =>
  Object.assign(new Error(`${syscall} ${code}`), { code, syscall });

/** As the SDK's HTTP handler makes it when no answer came in time. */
export const answerTimeout = (): Error =>
  Object.assign(new Error('a request has exceeded the configured 1500 ms requestTimeout.'), {
    name: 'TimeoutError',
    code: 'ETIMEDOUT',
  });

/** As the SDK's HTTP handler makes it when there was no connection in time. */
export const connectTimeout = (): Error =>
  Object.assign(
    new Error(
      'the request socket did not establish a connection with the server within the configured timeout of 1000 ms.',
    ),
    { name: 'TimeoutError' },
  );
