import type { DriftCase } from "../drift.js";

/** Each is the name of an operation and its input without the table's name. */
export const dynamodb: readonly DriftCase[] = [
  ["the table deleted", { given: ["DeleteTable {}"], want: ["missing-table"] }],
  [
    "the time to live switched off",
    {
      given: [
        'UpdateTimeToLive { "TimeToLiveSpecification": { "AttributeName": "expires", "Enabled": false } }',
      ],
      want: ["ttl-off"],
    },
  ],
  [
    "an index deleted",
    {
      given: ['UpdateTable { "GlobalSecondaryIndexUpdates": [{ "Delete": { "IndexName": "by_user_id" } }] }'],
      want: ["missing-index"],
    },
  ],
  [
    "another billing",
    {
      given: [
        'UpdateTable { "BillingMode": "PROVISIONED", "ProvisionedThroughput": { "ReadCapacityUnits": 1, "WriteCapacityUnits": 1 }, "GlobalSecondaryIndexUpdates": [{ "Update": { "IndexName": "by_user_id", "ProvisionedThroughput": { "ReadCapacityUnits": 1, "WriteCapacityUnits": 1 } } }] }',
      ],
      want: ["table-settings"],
    },
  ],
];
