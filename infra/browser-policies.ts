/**
 * What every answer of the edge says to browsers. The site loads nothing but its own files; `connect-src 'self'` covers its WebSocket. The images
 * of Swagger UI are data.
 */
export const sitePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** An API's answer is no page. */
export const apiPolicy = "default-src 'none'; frame-ancestors 'none'";
