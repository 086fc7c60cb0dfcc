import type { Commands } from './commands.js';
import type { Feed, Want } from './feed.js';
import { calmMs, FrameCap } from './frame-cap.js';
import { bodyRows } from './chrome/areas.js';
import type { KeyPress } from './input/key-presses.js';
import { bindingFor } from './input/keymap.js';
import type { Size } from './layout/line.js';
import type { Input, News } from './model/input.js';
import { emptyModel, type Model } from './model/model.js';
import { reduce } from './model/reduce.js';
import { stateOf } from './model/server-model.js';
import { isBackground } from './model/trace.js';
import { act, type Acted, type Effect } from './ui/act.js';
import { typeText, typing } from './ui/typing.js';
import { placesOf } from './ui/places.js';
import { newUi, type Ui } from './ui/ui.js';
import { timelineJson } from './views/timeline/timeline-json.js';
import { timelineSvg } from './views/timeline/timeline-svg.js';
import { views } from './views/views.js';

/** What a session has of the world outside of the terminal. */
export interface Surroundings {
  readonly feed: Feed;
  readonly commands: Commands;
  /** Writes a file beside the person; answers where it is. */
  save(name: string, text: string): Promise<string>;
  /** A command was given: for the history of the next run. */
  remember(line: string): void;
  leave(): void;
}

/** What is on the screen. */
export interface Shown {
  readonly model: Model;
  readonly ui: Ui;
}

/** What may change no more than figures. */
function isFigure({ news }: Input): boolean {
  if (news.type === 'messages') return news.messages.every(isBackground);
  return news.type === 'ledger-report' || news.type === 'register-report';
}

/** What of the servers' reports nobody should have to wait for. */
function standingOf({ servers }: Model): string {
  return servers
    .map((server) => {
      const { height, pending, round } = server.ledger?.status ?? {};
      return [stateOf(server), height, pending, round?.phase, server.registers?.cells].join();
    })
    .join(' ');
}

/** One person at one terminal: takes news and keys, and tells at most 15 times a second that there is something new. */
export class Session {
  readonly #around: Surroundings;
  readonly #frames = new FrameCap(() => this.#show());
  readonly #listeners = new Set<() => void>();
  readonly #stopFeed: () => void;
  #model: Model = emptyModel;
  #ui: Ui;
  #shown: Shown;
  #wanted = '';

  constructor(around: Surroundings, size: Size, history: readonly string[] = []) {
    this.#around = around;
    this.#ui = newUi(size, history);
    this.#shown = { model: this.#model, ui: this.#ui };
    this.#stopFeed = around.feed.start((inputs) => this.deliver(inputs));
  }

  get commands(): Commands {
    return this.#around.commands;
  }

  /** For React: the same until listeners are called. */
  readonly shown = (): Shown => this.#shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  deliver(inputs: readonly Input[]): void {
    const before = this.#model;
    this.#model = inputs.reduce(reduce, before);
    // Reports come all the time, also of servers that do nothing.
    const isCalm = inputs.every(isFigure) && standingOf(before) === standingOf(this.#model);
    this.#frames.request(isCalm ? calmMs : undefined);
  }

  press(key: KeyPress): void {
    const { mode } = this.#ui;
    const binding = bindingFor(key.name, placesOf(this.#ui, this.#model));
    if (key.name === 'ctrl+c') this.#perform({ type: 'quit' });
    else if (mode === 'command line' || mode === 'filter') {
      if (binding) this.#take(typing(this.#ui, binding.action, this.commands));
      else if (key.text !== '') this.#take({ ui: typeText(this.#ui, key.text) });
    } else if (binding) {
      const scene = { model: this.#model, commands: this.commands.rows };
      this.#take(act(this.#ui, binding.action, scene));
    }
  }

  resize(size: Size): void {
    this.#take({ ui: { ...this.#ui, size } });
  }

  /** Nothing is delivered, drawn or asked for any more. */
  close(): void {
    this.#stopFeed();
    this.#frames.cancel();
    this.#listeners.clear();
  }

  #take({ ui, effect }: Acted): void {
    this.#ui = ui;
    if (effect) this.#perform(effect);
    // Keys are answered at once; Ink draws no more frames than it may.
    this.#frames.flush();
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'quit':
        return this.#around.leave();
      case 'run':
        void this.#run(effect.number, effect.line);
        return;
      case 'export':
        void this.#export();
    }
  }

  async #run(number: number, line: string): Promise<void> {
    this.#around.remember(line);
    this.#tell({ type: 'command-began', number, line });
    const { failed, lines } = await this.commands.run(line);
    this.#tell({ type: 'command-ended', number, failed, lines });
  }

  async #export(): Promise<void> {
    const name = `synod-timeline-${new Date().toISOString().replace(/[:.]/g, '-')}`;
    try {
      const svg = await this.#around.save(`${name}.svg`, timelineSvg(this.#model));
      const json = await this.#around.save(`${name}.json`, timelineJson(this.#model));
      this.#note(`✓ written: ${svg} and ${json}`);
    } catch (error) {
      this.#note(`✗ not written: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #tell(news: News): void {
    this.deliver([{ timeMs: Date.now(), news }]);
  }

  #note(note: string): void {
    this.#take({ ui: { ...this.#ui, note } });
  }

  #show(): void {
    this.#shown = { model: this.#model, ui: this.#ui };
    this.#tellWant();
    for (const listener of this.#listeners) listener();
  }

  /** A feed hears of it only when it changes. */
  #tellWant(): void {
    const { view, views: states, size } = this.#ui;
    const viewSize = { columns: size.columns, rows: bodyRows(this.#ui, this.#model) };
    const want: Want | undefined = views[view].want(this.#model, states[view], viewSize);
    const text = JSON.stringify(want) ?? '';
    if (text === this.#wanted) return;
    this.#wanted = text;
    this.#around.feed.want(want);
  }
}
