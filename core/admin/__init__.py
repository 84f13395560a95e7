"""The operator's command on the host, `lockwright-admin`: whoever runs it can read the home folder anyway."""
