/**
 * Decides whether a history is linearizable, and draws the smallest part of it that is not.
 *
 * @packageDocumentation
 */
export { checkHistory, type CheckOptions, type HistoryResult, type KeyResult } from './check-history.js';
export { checkTags, type TagsResult, type TagViolation } from './check-tags.js';
export type { Counterexample } from './counterexample.js';
export type { Call, Model, SearchLimits, Verdict } from './model.js';
export type { History, Instant, Operation, Outcome, Tag, Value } from './operation.js';
export { HistoryReader, readHistory } from './read-history.js';
export { search } from './search.js';
export { drawTimeline } from './timeline.js';
