import type { Context, Output } from '../../../wire/operation';
import { activitiesOf } from '../activities';
import { groupOf } from '../groups';
import { paged } from '../paging';
import type { PageInput } from '../paging';
import { activityView } from '../views';

interface DescribeInput extends PageInput {
  readonly AutoScalingGroupName?: string;
  readonly ActivityIds?: readonly string[];
  readonly IncludeDeletedGroups?: boolean;
}

export function describeScalingActivities(context: Context, input: DescribeInput): Output {
  const name = input.AutoScalingGroupName;
  if (name !== undefined && !input.IncludeDeletedGroups) groupOf(context, name);
  const wanted = activitiesOf(context, name).filter(({ id }) => !input.ActivityIds?.length || input.ActivityIds.includes(id));
  const { page, NextToken } = paged(context, wanted, ({ id }) => id, input, 100);
  return { Activities: page.map((activity) => activityView(context, activity)), NextToken };
}
