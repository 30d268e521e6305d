export declare const rooms: Readonly<Record<string, readonly string[]>>;
export declare const pure: readonly string[];
