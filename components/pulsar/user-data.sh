#!/bin/bash
# Tells this instance its part in the cluster and starts it. What it means: docs/ami-contract.md.
set -euo pipefail

install -d -m 0755 /etc/pulsar-lab
cat >/etc/pulsar-lab/instance.env <<'ENVIRONMENT'
@ENVIRONMENT@
ENVIRONMENT
chmod 0644 /etc/pulsar-lab/instance.env
#if MOUNTS

## A volume is found by its id, which Nitro shows as the serial number of the NVMe device: device names change with the order of
## attachment. It is attached after the instance runs, hence the wait. It is formatted only when it is certainly blank: after
## a replacement of the instance it holds the cluster's data.
mount_volume() {
    local device="/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${1/-/}" directory="$2" status=0 waited uuid
    for ((waited = 0; waited < 600; waited += 2)); do
        [[ -e "$device" ]] && break
        sleep 2
    done
    [[ -e "$device" ]] || { echo "volume $1 did not appear as $device within 600 s" >&2; return 1; }
    blkid -p "$device" >/dev/null || status=$?
    case "$status" in
        0) ;;
        2)
            # blkid says the same of what it cannot read; a new volume reads as zeros.
            cmp -s -n 1048576 "$device" /dev/zero || { echo "$device is not blank: not formatting it" >&2; return 1; }
            mkfs.xfs "$device"
            ;;
        *) echo "blkid says $status of $device: not formatting what may hold data" >&2; return 1 ;;
    esac
    uuid=$(blkid -p -s UUID -o value "$device")
    install -d -m 0750 "$directory"
    # nofail: a host whose volume is missing still boots, so that it can be examined; its units require the mount.
    grep -q "^UUID=$uuid " /etc/fstab || echo "UUID=$uuid $directory xfs noatime,nofail 0 2" >>/etc/fstab
    mount "$directory"
    # The volume may have been enlarged.
    xfs_growfs "$directory"
    chown pulsar:pulsar "$directory"
}
@MOUNTS@
#end

systemctl daemon-reload
systemctl enable @UNITS@
# Without waiting: a role may have to wait for its peers, and cloud-init would hold up the rest of the boot.
systemctl start --no-block @UNITS@
