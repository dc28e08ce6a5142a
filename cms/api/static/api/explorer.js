/* global React, ReactDOM, GraphiQL */
(() => {
  const element = document.getElementById("explorer");
  const fetcher = GraphiQL.createFetcher({ url: element.dataset.endpoint });
  const defaultQuery = `# Everything the group publishes can be asked for here.
# Try Ctrl+Space for suggestions, and the book icon for the documentation.

{
  charter {
    title
    mission {
      text
    }
    objectives {
      heading
    }
  }
}
`;
  ReactDOM.render(
    React.createElement(GraphiQL, { fetcher, defaultQuery }),
    element,
  );
})();
