import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { SynodError } from '@synod/kernel';
import { PROMETHEUS_CONTENT_TYPE, type Metrics } from '@synod/metrics';

/** What the page shows. */
interface Shown {
  readonly metrics: Metrics;
  /** Whether the server takes part. If it rejects, it does not. */
  readonly ready: () => Promise<boolean>;
}

/** `GET /metrics` for Prometheus, `GET /health` for whoever restarts or balances servers: 200, or 503. */
export class HealthPage {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** `address`: `host:port`, an IPv6 host in brackets. Rejects with `SynodError` `config`, naming the address, when it cannot be had. */
  static async listen(address: string, { metrics, ready }: Shown): Promise<HealthPage> {
    const server = createServer((request, response) => {
      const path = request.method === 'GET' ? request.url : undefined;
      if (path === '/metrics') {
        void metrics.prometheus().then((text) => answer(response, 200, text, PROMETHEUS_CONTENT_TYPE));
      } else if (path === '/health') {
        void ready().then(
          (is) => answer(response, is ? 200 : 503, is ? 'ready\n' : 'not ready\n'),
          () => answer(response, 503, 'not ready\n'), // it is starting, or stopping
        );
      } else {
        answer(response, 404, 'GET /metrics or /health\n');
      }
    });
    const colon = address.lastIndexOf(':');
    server.listen({ host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) });
    try {
      await once(server, 'listening');
    } catch (cause) {
      const problem = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'is already in use' : String(cause);
      throw new SynodError('config', `admin address ${address} ${problem}`, { cause });
    }
    return new HealthPage(server);
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

function answer(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type }).end(text);
}
