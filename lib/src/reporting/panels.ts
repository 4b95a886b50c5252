/**
 * The `row` of a Vega-Lite facet: a panel for each of `titles`, one under the other in this order, each with its title
 * above it on the left.
 *
 * @example
 * panels('dataset', ['SciFact', 'HealthVer']).sort; // -> ['SciFact', 'HealthVer']
 */
export const panels = (field: string, titles: readonly string[]) => ({
  field,
  title: null,
  sort: titles,
  header: { labelOrient: 'top', labelAnchor: 'start' },
});
