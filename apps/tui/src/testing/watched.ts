import type { Feed, Want } from '../feed.js';
import type { Input, News } from '../model/input.js';
import { emptyModel, type Model } from '../model/model.js';
import { reduce } from '../model/reduce.js';
import { stateOf } from '../model/server-model.js';

/** A feed that is read into a model. */
export class Watched {
  readonly inputs: Input[] = [];
  /** How many inputs came together each time. */
  readonly batches: number[] = [];
  model: Model = emptyModel;
  readonly #feed: Feed;
  readonly #stop: () => void;
  #changed: () => void = () => undefined;

  constructor(feed: Feed) {
    this.#feed = feed;
    this.#stop = feed.start((inputs) => {
      this.batches.push(inputs.length);
      this.inputs.push(...inputs);
      this.model = inputs.reduce(reduce, this.model);
      this.#changed();
    });
  }

  want(want: Want | undefined): void {
    this.#feed.want(want);
  }

  /** Waits until the model is as asked for. */
  async until(holds: (model: Model) => boolean): Promise<void> {
    while (!holds(this.model)) await new Promise<void>((changed) => (this.#changed = changed));
  }

  /** `S1 up, S2 down` */
  get states(): string {
    return this.model.servers.map((server) => `${server.id} ${stateOf(server)}`).join(', ');
  }

  untilStates(states: string): Promise<void> {
    return this.until(() => this.states === states);
  }

  news<Type extends News['type']>(type: Type): Extract<News, { readonly type: Type }>[] {
    return this.inputs.flatMap(({ news }) => (isOf(news, type) ? [news] : []));
  }

  close(): void {
    this.#stop();
  }
}

function isOf<Type extends News['type']>(news: News, type: Type): news is Extract<News, { readonly type: Type }> {
  return news.type === type;
}
