/** The version of this package, also told to the server in `sora_client`. */
export const version: string = '0.1.0';
