import type { Delivery } from '../model/delivery.js';
import type { MergedFleet } from '../model/fleet.js';
import type { Report } from '../model/report.js';
import type { Renderer, Reporter, ReporterOptions } from './reporter.js';
import type { Selected } from './select.js';

/** Columns of a text that no terminal shows. */
const fileWidth = 100;

/** The log comes before the annotations, and last what waits for a server. */
const order: readonly Reporter['medium'][] = ['log', 'annotations', 'summary', 'file', 'comment'];

/** What a reporter makes of the results. */
type Render = <Content>(reporter: Renderer<Content>, options: ReporterOptions) => Content | undefined;

const made = <Content>(content: Content | undefined, toDelivery: (content: Content) => Delivery): readonly Delivery[] =>
  content === undefined ? [] : [toDelivery(content)];

const deliveriesOf = ({ reporter, file }: Selected, options: ReporterOptions, render: Render): readonly Delivery[] => {
  switch (reporter.medium) {
    case 'annotations':
      return made(render(reporter, options), (annotations) => ({ kind: 'annotations', annotations }));
    case 'log':
      return made(render(reporter, options), (text) => ({ kind: 'log', text }));
    case 'summary':
      return made(render(reporter, options), (markdown) => ({ kind: 'summary', markdown }));
    case 'comment':
      return made(render(reporter, options), (section) => ({ kind: 'comment', ...section }));
    case 'file':
      return made(render(reporter, { ...options, colour: false, width: fileWidth }), (text) => ({
        kind: 'file',
        format: reporter.name,
        name: reporter.file,
        path: file,
        text,
      }));
  }
};

const inOrder = (selected: readonly Selected[], options: ReporterOptions, render: Render): readonly Delivery[] =>
  order.flatMap((medium) =>
    selected.filter(({ reporter }) => reporter.medium === medium).flatMap((one) => deliveriesOf(one, options, render)),
  );

/** The report of one cluster in every form that is asked for, in the order of delivery. */
export const toDeliveries = (selected: readonly Selected[], report: Report, options: ReporterOptions): readonly Delivery[] =>
  inOrder(selected, options, (reporter, some) => reporter.report?.(report, some));

/** The reports of several clusters likewise. @throws {UserError} if one of the forms cannot be made of them */
export const toFleetDeliveries = (selected: readonly Selected[], merged: MergedFleet, options: ReporterOptions): readonly Delivery[] =>
  inOrder(selected, options, (reporter, some) => reporter.fleet?.(merged, some));
