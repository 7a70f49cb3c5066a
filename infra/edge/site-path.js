// CloudFront Function, on each request for the site: a folder stands for its index.html.
function handler({ request }) {
  const last = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (last === '') request.uri += 'index.html';
  else if (!last.includes('.')) request.uri += '/index.html';
  return request;
}
