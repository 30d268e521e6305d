/** The address at which a JSON schema of `docs/schemas/` is published. @param name of its file, without the ending */
export const schemaId = (name: string): string => `https://raw.githubusercontent.com/scs-kaas/scs-kaas/main/docs/schemas/${name}.json`;
