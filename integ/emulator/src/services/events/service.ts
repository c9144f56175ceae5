import { createEventBus, deleteEventBus, describeEventBus, listEventBuses, putPermission, removePermission } from './operations/buses';
import { putEvents, testEventPattern } from './operations/events';
import {
  deleteRule, describeRule, disableRule, enableRule, listRuleNamesByTarget, listRules, listTargetsByRule, putRule, putTargets, removeTargets,
} from './operations/rules';
import { listTagsForResource, tagResource, untagResource } from './operations/tags';
import { fire } from './schedule';
import { fromTrail, watch } from './trail';
import type { Service } from '../../wire/operation';

/** EventBridge: buses, rules, and what rules hand on. */
export const events: Service = {
  name: 'events',
  operations: {
    CreateEventBus: createEventBus,
    DeleteEventBus: deleteEventBus,
    DeleteRule: deleteRule,
    DescribeEventBus: describeEventBus,
    DescribeRule: describeRule,
    DisableRule: disableRule,
    EnableRule: enableRule,
    ListEventBuses: listEventBuses,
    ListRuleNamesByTarget: listRuleNamesByTarget,
    ListRules: listRules,
    ListTagsForResource: listTagsForResource,
    ListTargetsByRule: listTargetsByRule,
    PutEvents: putEvents,
    PutPermission: putPermission,
    PutRule: putRule,
    PutTargets: putTargets,
    RemovePermission: removePermission,
    RemoveTargets: removeTargets,
    TagResource: tagResource,
    TestEventPattern: testEventPattern,
    UntagResource: untagResource,
  },
  events: {
    'fire': fire,
    'from-trail': fromTrail,
    // A target has taken an event; what it makes of it is its own affair.
    'delivered': () => undefined,
  },
  reads: ['TestEventPattern'],
  watch,
};
