/** Services that a person may ask, as the server names them. */
export const AGENCIES = [
  "120", "119", "12345", "gas", "water", "power", "heat", "women_fed", "civil_affairs", "health",
  "emergency_mgmt", "ecology", "locksmith", "bank", "court", "school",
  "urban_mgmt", "sanitation", "market_reg", "labour",
]; // prettier-ignore
