"""Device protocols (设备): bytes to fixes and alarms, no sockets; one plug-in folder each."""
