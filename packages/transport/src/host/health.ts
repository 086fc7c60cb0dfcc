import { status, type handleServerStreamingCall, type handleUnaryCall } from '@grpc/grpc-js';
import {
  HealthCheckResponse_ServingStatus as ServingStatus,
  HealthService,
  type HealthCheckRequest,
  type HealthCheckResponse,
  type HealthListRequest,
  type HealthListResponse,
} from '../gen/health/v1/health.js';
import type { GrpcService } from './grpc-service.js';

/**
 * gRPC's health service (https://grpc.io/docs/guides/health-checking). Made of generated code, like all services: the
 * libraries for it parse their proto file in every process that starts.
 */
export class Health {
  readonly #serving = new Map<string, boolean>();
  /** Those who watch a service, by its name. */
  readonly #watchers = new Map<string, Set<() => void>>();

  /** The empty name is the server as a whole. */
  set(name: string, serving: boolean): void {
    this.#serving.set(name, serving);
    for (const tell of this.#watchers.get(name) ?? []) tell();
  }

  get service(): GrpcService {
    const implementation = { check: this.#check, watch: this.#watch, list: this.#list };
    return { name: 'grpc.health.v1.Health', definition: HealthService, implementation };
  }

  readonly #check: handleUnaryCall<HealthCheckRequest, HealthCheckResponse> = ({ request }, callback) => {
    if (this.#serving.has(request.service)) callback(null, this.#response(request.service));
    else callback({ code: status.NOT_FOUND, details: `there is no service ${JSON.stringify(request.service)}` });
  };

  /** Also of a service that there is not: it may come. */
  readonly #watch: handleServerStreamingCall<HealthCheckRequest, HealthCheckResponse> = (call) => {
    const { service } = call.request;
    const tell = (): void => void call.write(this.#response(service));
    const watchers = this.#watchers.get(service) ?? new Set();
    this.#watchers.set(service, watchers.add(tell));
    call.once('cancelled', () => {
      watchers.delete(tell);
      if (watchers.size === 0) this.#watchers.delete(service);
    });
    tell();
  };

  readonly #list: handleUnaryCall<HealthListRequest, HealthListResponse> = (_call, callback) => {
    const named = [...this.#serving.keys()].map((name) => [name, this.#response(name)]);
    callback(null, { statuses: Object.fromEntries(named) as HealthListResponse['statuses'] });
  };

  #response(name: string): HealthCheckResponse {
    const serving = this.#serving.get(name);
    if (serving === undefined) return { status: ServingStatus.SERVICE_UNKNOWN };
    return { status: serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING };
  }
}
