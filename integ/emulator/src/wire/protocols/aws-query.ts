import type { Protocol } from '../exchange';
import { response } from '../exchange';
import type { FormDialect } from '../form';
import { formTree, readStructure } from '../form';
import { errorMembers, modelledError } from '../modelled-error';
import { XML_DECLARATION, element, namespaceAttribute, textElement, writeMembers } from '../xml-writer';
import { formRequest } from './form-request';

/** Lists stand under `member`, or under the name of their items; maps under `entry`. Bare numbers are taken too: older clients send them. */
const DIALECT: FormDialect = {
  memberName: (member) => member.wireName,
  listSteps: (list, flattened) => (flattened ? [''] : [list.member.locationName ?? 'member', 'member', '']),
  mapSteps: (_map, flattened) => (flattened ? [''] : ['entry', '']),
};

/** CloudFormation, STS, IAM, Auto Scaling, SNS: a form in, XML out. */
export const awsQuery: Protocol = {
  name: 'query',

  decode(model, http) {
    const { operation, parameters } = formRequest(model, http);
    return { operation, input: operation.input ? readStructure(operation.input, formTree(parameters), DIALECT) : {} };
  },

  encode(model, operation, output, requestId) {
    const content = operation.output ? writeMembers(operation.output, output, `${model.service}.${operation.name}`) : '';
    const wrapped = operation.resultWrapper ? element(operation.resultWrapper, content) : content;
    const metadata = element('ResponseMetadata', textElement('RequestId', requestId));
    const xml = element(`${operation.name}Response`, wrapped + metadata, rootNamespace(model.metadata.xmlNamespace));
    return response(200, headers(requestId), xml);
  },

  encodeError(model, operation, error, requestId) {
    const modelled = modelledError(model, operation, error);
    const members = errorMembers(modelled, error);
    delete members[modelled.messageMember];
    const content = [
      textElement('Type', modelled.sender ? 'Sender' : 'Receiver'),
      textElement('Code', modelled.code),
      textElement('Message', error.message),
      modelled.shape ? writeMembers(modelled.shape, members, modelled.name) : '',
    ].join('');
    const xml = element('ErrorResponse', element('Error', content) + textElement('RequestId', requestId), rootNamespace(model.metadata.xmlNamespace));
    return response(modelled.status, headers(requestId), XML_DECLARATION + xml);
  },
};

function rootNamespace(uri: string | undefined): string {
  return uri ? namespaceAttribute({ uri }) : '';
}

function headers(requestId: string): Record<string, string> {
  return { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
}
