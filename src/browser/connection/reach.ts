/** What reaches a Drover: loaded when there may be one. */
export { Api } from './api.ts';
export { Socket } from './socket.ts';
export { Tickets } from './tickets.ts';
