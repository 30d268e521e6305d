/** One request to the API server. */
export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | undefined;
  /** Path with its query, e.g. `/api/v1/nodes?limit=250`. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Deadline in milliseconds for the whole exchange, retries included; the source has a default. */
  readonly timeoutMs?: number | undefined;
  /** The largest body that is read, in bytes; the source has a default. */
  readonly maxBytes?: number | undefined;
  /** Answers with another identity than the connection's own, e.g. a token that was just issued; no client certificate is shown then. */
  readonly bearerToken?: string | undefined;
  /** Asks as the login itself, without the impersonation that a kubeconfig adds to it (`as`). */
  readonly withoutImpersonation?: boolean | undefined;
}

export interface ApiResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * The API server, as the facts see it. Any HTTP status is an answer; what is no answer at all
 * (connection refused, TLS, time-out, cut stream, body too large) is thrown as `NotAvailable`.
 */
export interface Api {
  readonly request: (request: ApiRequest) => Promise<ApiResponse>;
}

/** An object that a dry run creates. */
export interface DryRunObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** A name that no other object has: what bears it was made by this run. */
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> | undefined };
  readonly spec?: unknown;
}

/** Writes with `dryRun=All`: every admission plugin sees them, and the API server stores nothing. */
export interface DryRuns {
  /**
   * Creates an object.
   * @param path of the collection, without a query
   * @returns the answer, whatever its status
   * @throws {NotAvailable} where it is not known that dry runs are honoured, or where one was not
   */
  readonly create: (path: string, object: DryRunObject) => Promise<ApiResponse>;
  /**
   * Adds a label to an object.
   * @param collection path of its collection, without a query
   * @param headers of the request, e.g. whom it impersonates
   */
  readonly label: (collection: string, name: string, label: string, headers: Readonly<Record<string, string>>) => Promise<ApiResponse>;
}

/** A certificate, as far as it is judged. Dates are ISO 8601. */
export interface CertificateInfo {
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly isCa: boolean;
  /** DNS names of the subject alternative name (RFC 5280 4.2.1.6), as they stand there; absent where they were not read. */
  readonly altNames?: readonly string[] | undefined;
}

export type ConnectAnswer = 'open' | 'refused' | 'timeout' | 'unreachable';

/** What can be learnt about the endpoint and its hosts without the API. */
export interface Network {
  /** Host and port of the API endpoint, as the connection uses them, and whether a path stands before every request; the path may hold a secret. */
  readonly endpoint: { readonly scheme: string; readonly host: string; readonly port: number; readonly hasPath: boolean };
  /** True where the connection goes through a proxy, so that direct connects say nothing. */
  readonly proxied: boolean;
  /** The certificate that the endpoint shows in a TLS handshake. */
  readonly serverCertificate: () => Promise<CertificateInfo>;
  /** The CA certificates that the connection trusts, from the kubeconfig; empty where the system's are used. */
  readonly trustedCas: () => readonly CertificateInfo[];
  /** Parses certificates in PEM, e.g. of a ConfigMap. */
  readonly parseCertificates: (pem: string) => readonly CertificateInfo[];
  /** The first bytes of the answer to `GET /version` in plain HTTP, sent to the endpoint's port; `''` if it closed without one. */
  readonly plainHttp: () => Promise<string>;
  /** Opens a TCP connection and closes it at once. */
  readonly connect: (host: string, port: number, timeoutMs: number) => Promise<ConnectAnswer>;
  /** This machine's own addresses with their prefix lengths, e.g. `172.18.0.1/16`. */
  readonly ownAddresses: () => readonly string[];
  /** All addresses that the host name stands for; an address stands for itself. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
}

/** One request to a server of the internet. */
export interface OutwardRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Milliseconds until the last byte of the answer. */
  readonly timeoutMs: number;
  /** The largest body that is read, in bytes. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** Sends one; throws `NotAvailable` where no complete answer came. Redirects are answers. */
export type Outward = (request: OutwardRequest) => Promise<ApiResponse>;

/** A document from outside of the cluster: release data, CVE records. */
export interface Documents {
  /**
   * Fetches a JSON or text document over HTTPS, from the cache where it is fresh.
   * @throws {NotAvailable} where neither the network nor a cache has it
   */
  readonly fetch: (url: string, options: { readonly maxAgeMs: number; readonly maxBytes: number }) => Promise<FetchedDocument>;
  /** The user's own release data file, its text and its name; absent where none was given. */
  readonly releaseDataFile?: { readonly name: string; readonly text: string } | undefined;
}

export interface FetchedDocument {
  readonly text: string;
  /** When it was fetched, ISO 8601; older than now for a cached one. */
  readonly fetchedAt: string;
  readonly fromCache: boolean;
}
