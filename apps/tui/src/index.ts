/**
 * The terminal interface of a Synod cluster: a model of it, views of the model, and keys.
 *
 * @packageDocumentation
 */
export { screen } from './chrome/screen.js';
export type { CommandOutcome, CommandRow, Commands } from './commands.js';
export type { Feed, Want } from './feed.js';
export { clusterFeed, type ClusterFeedOptions } from './feed/cluster-feed.js';
export { mergeFeeds } from './feed/merge-feeds.js';
export { type Line, type Size, type Span, type Style, textOf } from './layout/line.js';
export type { NodeCell } from './model/node-cell.js';
export type { Input, News } from './model/input.js';
export { emptyModel, type Model } from './model/model.js';
export { reduce } from './model/reduce.js';
export type { Reach, ServerState } from './model/server-model.js';
export type { Fate, FateRow } from './model/sets.js';
export { isTerminal, runTui, type TuiOptions } from './run-tui.js';
export { newUi, type Ui } from './ui/ui.js';
export { timelineJson } from './views/timeline/timeline-json.js';
export { timelineSvg } from './views/timeline/timeline-svg.js';
