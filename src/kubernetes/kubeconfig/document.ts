import * as z from 'zod/mini';

/** An absent, null or empty value is unset, as in client-go. */
const unset = <T>(schema: z.ZodMiniType<T>) =>
  z.pipe(
    z.optional(z.nullable(schema)),
    z.transform((value: T | null | undefined): T | undefined => (value === null || value === '' ? undefined : value)),
  );
/** A text; an empty one is none. */
export const text = unset(z.string());
/** Also as YAML 1.1 writes it, which kubectl reads. */
const flag = unset(
  z.union([
    z.boolean(),
    z.pipe(
      z.string().check(z.regex(/^(?:yes|no|on|off)$/i)),
      z.transform((word: string): boolean => /^(?:yes|on)$/i.test(word)),
    ),
  ]),
);
const texts = unset(z.array(z.string()));
const lenientArray = <T>(item: z.ZodMiniType<T>) =>
  z.pipe(
    z.optional(z.nullable(z.array(item))),
    z.transform((value: T[] | null | undefined): readonly T[] => value ?? []),
  );

const clusterSchema = z.object({
  server: text,
  'certificate-authority': text,
  'certificate-authority-data': text,
  'tls-server-name': text,
  'insecure-skip-tls-verify': flag,
  'proxy-url': text,
  'disable-compression': flag,
  extensions: lenientArray(z.object({ name: z.string(), extension: z.optional(z.unknown()) })),
});
export type ClusterEntry = z.infer<typeof clusterSchema>;

const execSchema = z.object({
  apiVersion: text,
  command: text,
  args: texts,
  env: lenientArray(z.object({ name: z.string(), value: z.string() })),
  installHint: text,
  provideClusterInfo: flag,
  interactiveMode: text,
});
export type ExecEntry = z.infer<typeof execSchema>;

const userSchema = z.object({
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  as: text,
  'as-uid': text,
  'as-groups': texts,
  'as-user-extra': unset(z.record(z.string(), z.array(z.string()))),
  exec: unset(execSchema),
  'auth-provider': unset(z.object({ name: text, config: unset(z.record(z.string(), z.unknown())) })),
});
export type UserEntry = z.infer<typeof userSchema>;
/** The user of a context that names none. */
export const nobody: UserEntry = userSchema.parse({});

const contextSchema = z.object({ cluster: text, user: text });
/** An entry without a body is an empty one, as in client-go: what it lacks matters where it is used. */
const filled = <T>(schema: z.ZodMiniType<T>) =>
  z.pipe(
    z.optional(z.nullable(schema)),
    z.transform((value: T | null | undefined): T => value ?? schema.parse({})),
  );

/**
 * A kubeconfig file (`clientcmd/api/v1.Config`), as far as it matters to a client that only asks. `KubeConfig` of @kubernetes/client-node resolves it, and
 * believes every type: here it is made sure that there is no other, with the words of YAML 1.1 that kubectl knows.
 */
export const documentSchema = z.object({
  'current-context': text,
  contexts: lenientArray(z.object({ name: z.string(), context: filled(contextSchema) })),
  clusters: lenientArray(z.object({ name: z.string(), cluster: filled(clusterSchema) })),
  users: lenientArray(z.object({ name: z.string(), user: unset(userSchema) })),
});
export type KubeconfigDocument = z.infer<typeof documentSchema>;

/** An entry, and the directory that its relative paths start from; none where the kubeconfig came as text. */
export interface Placed<T> {
  readonly entry: T;
  readonly directory?: string | undefined;
}
