const powers: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};
const quantity = /^([0-9]+(?:\.[0-9]*)?(?:[eE][0-9]{1,2})?)([a-zA-Z]{0,2})$/;

/** The bytes of a quantity, e.g. `1Gi`; undefined where it is none. */
export const bytesOf = (text: string): number | undefined => {
  const [, digits = '', unit = ''] = quantity.exec(text) ?? [];
  const power = Object.hasOwn(powers, unit) ? powers[unit] : undefined;
  return digits === '' || power === undefined ? undefined : Number(digits) * power;
};

/** A quantity that is larger by one GiB, the step that block storage of clouds grows by. */
export const oneMore = (text: string): string => {
  const mebibytes = Math.ceil((bytesOf(text) ?? 2 ** 30) / 2 ** 20) + 1024;
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
};
