import { judge } from '../../src/services/cloudwatch/judge';

/** Points as AWS's page draws them: the oldest first, `0` fine, `X` breaching, `-` missing. */
const points = (drawn: string) => drawn.split(' ').map((mark) => ({ 0: 0, X: 1 }[mark])).reverse();
const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'];

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html; `-` means that the state stays. */
test.each([
  [3, '0 - X - X', ['OK', 'OK', 'OK', 'OK']],
  [3, '0 - - - -', ['OK', 'OK', 'OK', 'OK']],
  [3, '- - - - -', ['INSUFFICIENT_DATA', '-', 'ALARM', 'OK']],
  [3, '0 X X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  [3, '- - X - -', ['ALARM', '-', 'ALARM', 'OK']],
  [2, '0 - X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  [2, '0 0 X 0 X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  [2, '0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
  [2, '- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
  [2, '- - - X -', ['ALARM', '-', 'ALARM', 'OK']],
])('%i of 3, points %s: by treatment of missing data %j', (datapointsToAlarm, drawn, states) => {
  const found = TREATMENTS.map((treatMissingData) => judge({ evaluationPeriods: 3, datapointsToAlarm, treatMissingData, isBreaching: (value) => value > 0 }, points(drawn)) ?? '-');

  expect(found).toEqual(states);
});
