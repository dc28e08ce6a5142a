import { Client, fetchExchange, gql } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';

import { fetch, finish, task } from './asking.mjs';

const client = new Client({
  url: 'http://localhost/graphql',
  fetch,
  preferGetMethod: false,
  exchanges: [cacheExchange(), fetchExchange],
});
const operations = task.operations.map((each) => ({ ...each, query: gql(each.text) }));
const shown = {};

async function read({ query, variables }, requestPolicy) {
  const { data } = await client.query(query, variables, { requestPolicy }).toPromise();
  return data ?? null;
}

for (const operation of operations) {
  shown[operation.name] = { asked: await read(operation, 'network-only') };
}
for (const operation of operations) {
  shown[operation.name].kept = await read(operation, 'cache-only');
}

finish(shown);
