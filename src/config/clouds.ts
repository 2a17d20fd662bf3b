import type { AzureSettings } from './settings.ts';

/** What differs between Azure's clouds. Endpoint, authority and audience follow each other; mixing them fails at sign-in. */
export const CLOUDS: Readonly<
  Record<AzureSettings['cloud'], Pick<AzureSettings, 'endpoint' | 'tokenScope' | 'authorityHost' | 'portal'>>
> = {
  public: {
    endpoint: 'https://management.azure.com',
    tokenScope: 'https://management.azure.com/.default',
    authorityHost: 'https://login.microsoftonline.com',
    portal: 'https://portal.azure.com',
  },
  usgovernment: {
    endpoint: 'https://management.usgovcloudapi.net',
    tokenScope: 'https://management.usgovcloudapi.net/.default',
    authorityHost: 'https://login.microsoftonline.us',
    portal: 'https://portal.azure.us',
  },
  china: {
    endpoint: 'https://management.chinacloudapi.cn',
    tokenScope: 'https://management.chinacloudapi.cn/.default',
    authorityHost: 'https://login.chinacloudapi.cn',
    portal: 'https://portal.azure.cn',
  },
};
