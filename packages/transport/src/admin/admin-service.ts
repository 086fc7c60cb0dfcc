import type { GrpcService } from '../host/grpc-service.js';
import type { AdminBackend } from './admin-backend.js';

export interface AdminServiceOptions {
  /** Whether faults and failpoints may be set; otherwise those calls are refused. */
  readonly allowFaults: boolean;
}

/** `synod.admin.v1.AdminService` in front of a server. */
export declare function adminService(backend: AdminBackend, options: AdminServiceOptions): GrpcService;
