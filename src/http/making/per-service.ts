/** What a service has one of, for all of its routes, made when the first wants it. */
import type { Service } from "../service.ts";

export function perService<T>(create: (service: Service) => T): (service: Service) => T {
  const made = new WeakMap<Service, T>();
  return (service) => {
    const known = made.get(service) ?? create(service);
    made.set(service, known);
    return known;
  };
}
