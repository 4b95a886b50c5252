/** The least a row holds. What else it holds, its record's header stands for. */
export interface Identified {
  readonly id: string;
}

/** Whether a line of a record can be a row of it. */
export function isRow<Row extends Identified>(value: unknown): value is Row {
  return value !== null && typeof value === 'object' && 'id' in value && typeof value.id === 'string';
}
