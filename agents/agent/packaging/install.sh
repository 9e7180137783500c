#!/bin/sh
# Installs the agent from the folder this script lies in, or brings an installed one up to date. Starts nothing that is not configured.
#   sudo ./install.sh [--root DIR]      --root: into a system that does not run, an image for instance
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=
[ "${1:-}" != --root ] || root=$(cd "$2" && pwd)
fail() { echo "install.sh: $1" >&2; exit 1; }
[ -n "$root" ] || [ "$(id -u)" -eq 0 ] || fail "run it as root"
(cd "$here" && sha256sum --quiet -c SHA256SUMS) || fail "the files beside this script are not those that were packed"

# The service may run while its files are replaced: each comes whole, under its name, by a rename.
put() { mkdir -p "$root$(dirname "$3")" && install -m "$1" "$here/$2" "$root$3.new" && mv -f "$root$3.new" "$root$3"; }
for file in "$here"/*.so; do put 644 "$(basename "$file")" "/opt/fleet-agent/$(basename "$file")"; done
for file in README.md LICENSE THIRD-PARTY.md profile.schema.json config.example.json SHA256SUMS; do put 644 "$file" "/opt/fleet-agent/$file"; done
put 755 uninstall.sh /opt/fleet-agent/uninstall.sh
put 755 fleet-agent /opt/fleet-agent/fleet-agent
put 644 fleet-agent.sysusers /usr/lib/sysusers.d/fleet-agent.conf
put 644 fleet-agent.service /etc/systemd/system/fleet-agent.service
version=$(systemctl --version 2>/dev/null | sed -n '1s/^systemd \([0-9]*\).*/\1/p')
[ "${version:-0}" -lt 254 ] || put 644 backoff.conf /etc/systemd/system/fleet-agent.service.d/backoff.conf

if [ -z "$root" ]; then
  systemd-sysusers fleet-agent.conf || fail "no user fleet-agent could be made"
  install -d -m 700 -o fleet-agent -g fleet-agent /var/lib/fleet-agent
  mkdir -p /etc/fleet-agent && chown root:fleet-agent /etc/fleet-agent && chmod 750 /etc/fleet-agent
  [ -e /etc/fleet-agent/config.json ] || fresh=yes
  ln -sf /opt/fleet-agent/fleet-agent /usr/local/bin/fleet-agent
  systemctl daemon-reload
  [ -n "${fresh:-}" ] || systemctl try-restart fleet-agent
fi
[ -n "${fresh:-}${root:-}" ] || exit 0
cat <<'NEXT'
Installed. What is left to do:
  1. cd /var/lib/fleet-agent && runuser -u fleet-agent -- fleet-agent enrol --api https://fleet.example --config first.json --state .
     shows a code, waits for your provider to approve it
  2. install -m 640 -g fleet-agent first.json /etc/fleet-agent/config.json, and name your printers' addresses in it (config.example.json says how);
     secrets beside it, chown root:fleet-agent, chmod 640
  3. runuser -u fleet-agent -- fleet-agent doctor --config /etc/fleet-agent/config.json
  4. systemctl enable --now fleet-agent
NEXT
