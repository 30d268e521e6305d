import { NotAvailable } from '../model/errors.js';
import { defineFact } from '../model/fact.js';
import { offerSchema } from './support/offer.js';

/** The versions of Kubernetes that the provider offers, as the user of this run lists them with their date (input `offered-versions`). */
export const offeredVersions = defineFact({
  name: 'offered-versions',
  schema: offerSchema,
  permissions: [],
  collect: ({ offer }) =>
    offer === undefined
      ? Promise.reject(new NotAvailable('not-recorded', 'offered-versions: no offer was given to this run (input offered-versions)'))
      : Promise.resolve(offerSchema.parse(offer)),
});
