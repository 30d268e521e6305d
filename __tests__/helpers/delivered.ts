import type { Delivery } from '../../src/model/delivery.js';
import type { Report } from '../../src/model/report.js';
import { reporters, toDeliveries, type Reporter, type ReporterOptions } from '../../src/reporters/index.js';
import { demoOptions } from './report.js';

/** A reporter by its name. */
const reporterOf = (name: string): Reporter => {
  const found = reporters.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no reporter ${name}`);
  return found;
};

/** What one reporter makes of a report; undefined if nothing is delivered. */
export const deliveryOf = (name: string, report: Report, options: ReporterOptions = demoOptions): Delivery | undefined =>
  toDeliveries([{ reporter: reporterOf(name) }], report, options)[0];

/** The texts of a delivery, each with the name of a file for it. */
export const filesOf = (name: string, delivery: Delivery): readonly (readonly [file: string, text: string])[] => {
  switch (delivery.kind) {
    case 'annotations':
      return [[`${name}.json`, `${JSON.stringify(delivery.annotations, null, 2)}\n`]];
    case 'log':
      return [[`${name}.txt`, delivery.text]];
    case 'summary':
      return [[`${name}.md`, delivery.markdown]];
    case 'comment':
      return [
        ...delivery.variants.map((text, i) => [`${name}-${['full', 'medium', 'small'][i] ?? String(i)}.md`, `${text}\n`] as const),
        [`${name}-fingerprint.txt`, `${delivery.fingerprint}\n`],
      ];
    case 'file':
      return [[delivery.name, delivery.text]];
  }
};
