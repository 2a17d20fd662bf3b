import type { ArmBody } from '../arm.ts';
import type { Json } from '../kql/values.ts';
import { type Calendar, computeId, guid } from './ids.ts';

/** `unknown`: the platform reports none. */
export type PowerState = 'running' | 'deallocated' | 'stopped' | 'unknown';

/** What is worth saying about a machine; everything else has a default. */
export interface Machine {
  name: string;
  subscription: string;
  group: string;
  /** Absent: the machine boots from an attached disk. */
  image?: Json;
  os?: 'Linux' | 'Windows';
  location?: string;
  tags?: Json;
  power?: PowerState;
  createdDaysAgo?: number;
  generation?: 'V1' | 'V2';
  securityType?: string;
  zones?: readonly string[];
  managedBy?: string;
  scaleSet?: string;
  dataDisks?: number;
}

/** A machine as ARM would answer a GET of it with its instance view. */
export function machineBody(machine: Machine, index: number, calendar: Calendar): ArmBody {
  const {
    name,
    subscription,
    group,
    location = 'westeurope',
    tags = {},
    createdDaysAgo = 25,
    securityType,
    zones,
    scaleSet,
  } = machine;
  return {
    id: computeId(subscription, group, `virtualMachines/${name}`),
    name,
    type: 'Microsoft.Compute/virtualMachines',
    location,
    tags,
    ...(zones && { zones }),
    ...(machine.managedBy && { managedBy: machine.managedBy }),
    properties: {
      vmId: guid(1, index),
      timeCreated: calendar.ago(createdDaysAgo),
      hardwareProfile: { vmSize: 'Standard_D2s_v5' },
      storageProfile: storageProfile(machine),
      ...(machine.image !== undefined && { osProfile: osProfile(name, machine.os ?? 'Linux') }),
      networkProfile: {
        networkInterfaces: [
          {
            id: computeId(subscription, group, '').replace(
              'Microsoft.Compute/',
              `Microsoft.Network/networkInterfaces/${name}-nic`,
            ),
            properties: { primary: true },
          },
        ],
      },
      ...(securityType && {
        securityProfile: { securityType, uefiSettings: { secureBootEnabled: true, vTpmEnabled: true } },
      }),
      ...(scaleSet && {
        virtualMachineScaleSet: { id: computeId(subscription, group, `virtualMachineScaleSets/${scaleSet}`) },
      }),
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
      provisioningState: 'Succeeded',
      instanceView: instanceView(machine),
    },
  };
}

function storageProfile({ name, subscription, group, image, os = 'Linux', dataDisks = 0 }: Machine) {
  const disk = (suffix: string) => ({
    id: computeId(subscription, group.toUpperCase(), `disks/${name}_${suffix}`),
    storageAccountType: 'Premium_LRS',
  });
  return {
    ...(image !== undefined && { imageReference: image }),
    osDisk: {
      osType: os,
      name: `${name}_OsDisk`,
      createOption: image === undefined ? 'Attach' : 'FromImage',
      caching: 'ReadWrite',
      managedDisk: disk('OsDisk'),
      diskSizeGB: 30,
    },
    dataDisks: Array.from({ length: dataDisks }, (_, lun) => ({
      lun,
      name: `${name}_data${lun}`,
      createOption: 'Empty',
      caching: 'None',
      managedDisk: disk(`data${lun}`),
      diskSizeGB: 128,
      toBeDetached: false,
    })),
  };
}

function osProfile(computerName: string, os: 'Linux' | 'Windows') {
  const configuration =
    os === 'Linux'
      ? { linuxConfiguration: { disablePasswordAuthentication: true, provisionVMAgent: true } }
      : { windowsConfiguration: { provisionVMAgent: true, enableAutomaticUpdates: true } };
  return { computerName, adminUsername: 'azureuser', ...configuration, secrets: [], allowExtensionOperations: true };
}

/** What the platform, and on a running machine the agent, report. */
export function instanceView({
  power = 'running',
  os = 'Linux',
  generation = 'V2',
  name,
}: Pick<Machine, 'power' | 'os' | 'generation' | 'name'>) {
  const statuses =
    power === 'unknown' ? [] : [{ code: `PowerState/${power}`, level: 'Info', displayStatus: `VM ${power}` }];
  const agent =
    power === 'running'
      ? {
          computerName: name,
          osName: os === 'Linux' ? 'ubuntu' : 'Windows Server 2022 Datacenter',
          osVersion: os === 'Linux' ? '22.04' : '10.0.20348.2762',
        }
      : {};
  return { ...agent, hyperVGeneration: generation, statuses };
}
