#!/bin/sh
# Removes the agent. What it kept and its configuration stay, unless --purge says otherwise; unsent readings are lost with them.
#   sudo ./uninstall.sh [--purge]
set -eu
[ "$(id -u)" -eq 0 ] || { echo "uninstall.sh: run it as root" >&2; exit 1; }
systemctl disable --now fleet-agent 2>/dev/null || true
rm -rf /etc/systemd/system/fleet-agent.service /etc/systemd/system/fleet-agent.service.d /usr/lib/sysusers.d/fleet-agent.conf /usr/local/bin/fleet-agent /opt/fleet-agent
systemctl daemon-reload 2>/dev/null || true
if [ "${1:-}" = --purge ]; then
  rm -rf /etc/fleet-agent /var/lib/fleet-agent
  userdel fleet-agent 2>/dev/null || true
fi
