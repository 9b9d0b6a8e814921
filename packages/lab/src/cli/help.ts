/** What `rx-sora-lab --help` prints. */
export const HELP = `rx-sora-lab - a stand-in for the WebRTC SFU Sora, for development and tests. Never for production.

Usage: rx-sora-lab [options]

  --port <n>                  signaling, API and control; 0 takes a free port (5000)
  --host <address>            address to listen on (127.0.0.1)
  --api-port <n>              a port of its own for the HTTP API
  --cluster <n>               several nodes, each on its own port (1)
  --redirect <policy>         never | channel-owner
  --config <file>             options as a JSON object, named as below in camelCase; flags go first

  --data-channel-signaling    for clients that do not say (off)
  --ignore-disconnect-web-socket
                              for clients that do not say (off)
  --no-compress               built-in DataChannels carry plain text
  --no-messaging, --no-rpc    without # channels, without rpc
  --bundle-id                 clients may set bundle_id
  --close-message             DataChannel-only clients are told the end by type: close
  --normal-close-reason       code 1000 carries its reason
  --video-codec <name>        for clients that do not say (VP9)
  --auth-webhook-url <url>    decides who may connect

  --ping-interval-ms <n>      5000     --pong-timeout-ms <n>     60000
  --connect-timeout-ms <n>    60000    --lifetime-ms <n>         0: none
  --ice-disconnected-timeout-ms <n>    5000
  --ice-failed-timeout-ms <n>          10000
  --stats-interval-ms <n>     15000    --update-interval-ms <n>  60000

  --max-connections <n>       1000     --max-messages-per-second <n>  0: no limit
  --max-web-socket-message-bytes <n>   --max-data-channel-message-bytes <n>
  --faults <json>             rules, such as [{"fault":{"kind":"offer-delayed","ms":500}}]

  --log <style>               readable | json | none (readable)
  --colours, --no-colours     whatever the terminal says
  --help, --version

Every option of startLab() but "auth" has its flag: --options-like-this for optionsLikeThis.
Over HTTP: POST / with x-sora-target (the API), GET /lab/connections, GET /lab/log?follow=1 (JSON Lines),
GET and POST /lab/faults, POST /lab/faults/inject, DELETE /lab/faults.
`;
