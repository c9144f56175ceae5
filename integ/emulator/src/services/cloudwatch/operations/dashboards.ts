import type { Context, Output } from '../../../wire/operation';
import { dashboards, date } from '../state';
import { refusal } from '../text';

export function putDashboard(
  context: Context,
  { DashboardName: name, DashboardBody: body }: { readonly DashboardName: string; readonly DashboardBody: string },
): Output {
  try {
    JSON.parse(body);
  } catch {
    // Said with the member that AWS adds.
    throw refusal(context, 'DashboardInvalidInputError', 'text-bad-dashboard');
  }
  dashboards(context).put(name, { name, arn: `arn:${context.partition}:cloudwatch::${context.account}:dashboard/${name}`, body, changedAt: context.now });
  return { DashboardValidationMessages: [] };
}

export function getDashboard(context: Context, { DashboardName }: { readonly DashboardName: string }): Output {
  const dashboard = dashboards(context).get(DashboardName);
  if (!dashboard) throw refusal(context, 'DashboardNotFoundError', 'text-no-dashboard', { name: DashboardName });
  return { DashboardArn: dashboard.arn, DashboardBody: dashboard.body, DashboardName };
}

export function listDashboards(context: Context, { DashboardNamePrefix = '' }: { readonly DashboardNamePrefix?: string }): Output {
  const found = dashboards(context).values().filter(({ name }) => name.startsWith(DashboardNamePrefix));
  return {
    DashboardEntries: found.map(({ name, arn, body, changedAt }) => ({
      DashboardName: name, DashboardArn: arn, LastModified: date(context, changedAt), Size: Buffer.byteLength(body),
    })),
  };
}

export function deleteDashboards(context: Context, { DashboardNames }: { readonly DashboardNames: readonly string[] }): void {
  const missing = DashboardNames.find((name) => !dashboards(context).has(name));
  if (missing !== undefined) throw refusal(context, 'DashboardNotFoundError', 'text-no-dashboard', { name: missing });
  DashboardNames.forEach((name) => dashboards(context).delete(name));
}
