import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client';

import { fetch, finish, task } from './asking.mjs';

const client = new ApolloClient({
  link: new HttpLink({ uri: 'http://localhost/graphql', fetch }),
  cache: new InMemoryCache({ possibleTypes: task.possibleTypes }),
});
const operations = task.operations.map((each) => ({ ...each, query: gql(each.text) }));
const shown = {};

for (const { name, query, variables } of operations) {
  const { data } = await client.query({ query, variables, fetchPolicy: 'network-only' });
  shown[name] = { asked: data };
}
for (const { name, query, variables } of operations) {
  shown[name].kept = client.readQuery({ query, variables });
}

finish(shown);
