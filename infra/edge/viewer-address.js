// CloudFront Function, on each request for an API: says where the viewer is. What the viewer says itself is replaced.
function handler({ request, viewer }) {
  request.headers['x-viewer-address'] = { value: viewer.ip };
  return request;
}
