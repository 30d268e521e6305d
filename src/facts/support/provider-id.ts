import { bounded } from '../../text/bounded.js';

/** Where a machine is, by the name that its cloud knows it by. */
export interface ProviderPlace {
  readonly zone?: string | undefined;
  readonly region?: string | undefined;
}

/** Clouds whose provider ids name a zone, in the same place: AWS without an account, GCE after the project, Scaleway after the product. */
const zoned: readonly string[] = ['aws:', 'gce:', 'scaleway:'];

/**
 * What `spec.providerID` says of the place, in the forms of the cloud controller managers: `aws:///eu-central-1a/i-0123`,
 * `gce://project/europe-west3-a/name`, `scaleway://instance/fr-par-1/UUID`, `openstack://RegionOne/UUID`. Azure and most others say nothing.
 */
export const placeOfProviderId = (id: string): ProviderPlace => {
  const [scheme = '', , third, fourth, fifth] = bounded(id, 600).split('/');
  if (zoned.includes(scheme) && fourth && fifth) return { zone: bounded(fourth) };
  return scheme === 'openstack:' && third && fourth && fifth === undefined ? { region: bounded(third) } : {};
};
