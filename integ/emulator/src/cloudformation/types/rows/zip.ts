import { strToU8, zipSync } from 'fflate';

/** What `cfn-response` is to inline functions: the documented module, in our own words. */
const CFN_RESPONSE = `exports.SUCCESS = 'SUCCESS';
exports.FAILED = 'FAILED';
exports.send = function (event, context, status, data, physicalResourceId, noEcho) {
  return new Promise(function (resolve) {
    const body = JSON.stringify({
      Status: status,
      Reason: 'See the details in CloudWatch Log Stream: ' + context.logStreamName,
      PhysicalResourceId: physicalResourceId || context.logStreamName,
      StackId: event.StackId,
      RequestId: event.RequestId,
      LogicalResourceId: event.LogicalResourceId,
      NoEcho: noEcho || false,
      Data: data,
    });
    const url = new URL(event.ResponseURL);
    const request = require('https').request({
      hostname: url.hostname, port: 443, path: url.pathname + url.search, method: 'PUT',
      headers: { 'content-type': '', 'content-length': Buffer.byteLength(body) },
    }, function () { context.done(); resolve(); });
    request.on('error', function () { context.done(); resolve(); });
    request.write(body);
    request.end();
  });
};
`;

/** One file as a zip, always the same bytes for the same text. */
export function zipOf(name: string, text: string, withResponse: boolean = false): Buffer {
  const files = { [name]: strToU8(text), ...(withResponse ? { 'cfn-response.js': strToU8(CFN_RESPONSE) } : {}) };
  return Buffer.from(zipSync(files, { mtime: new Date('2020-01-01T00:00:00Z') }));
}
