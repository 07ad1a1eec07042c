// The peer in bench.peers: the same walk on Colyseus with `StateView` interest management, as its guide shows it.
// Every visitor is a schema instance in a map; a view holds those within 3 x 3 cells of 8 m, looked at five times a
// second; patches go out at 20 Hz. Prints "port N" when it listens.
import http from 'node:http';
import { Room, Server } from '@colyseus/core';
import { Encoder, StateView, schema } from '@colyseus/schema';
import { WebSocketTransport } from '@colyseus/ws-transport';

const CELL_M = 8;
const PATCH_MS = 50;
const VIEW_MS = 200;
const MILLIMETRES = 1000;

Encoder.BUFFER_SIZE = 8 * 1024 * 1024;

const Pose = schema({ x: 'int32', y: 'int16', z: 'int32', rotation: 'uint32' });
const Alley = schema({ visitors: { map: Pose, view: true } });

class AlleyRoom extends Room {
  onCreate() {
    this.state = new Alley();
    this.maxClients = 5000;
    this.patchRate = PATCH_MS;
    this.onMessage('pose', (client, bytes) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const { pose } = client;
      pose.x = view.getFloat32(4, true) * MILLIMETRES;
      pose.y = view.getFloat32(8, true) * MILLIMETRES;
      pose.z = view.getFloat32(12, true) * MILLIMETRES;
      pose.rotation = view.getUint32(16, true);
    });
    this.setSimulationInterval(() => this.look(), VIEW_MS);
  }

  onJoin(client) {
    client.pose = new Pose();
    client.view = new StateView();
    client.seen = new Set();
    this.state.visitors.set(client.sessionId, client.pose);
    client.view.add(client.pose);
  }

  onLeave(client) {
    this.state.visitors.delete(client.sessionId);
  }

  look() {
    const cells = new Map();
    const key = (column, row) => column * 8192 + row;
    const at = (metres) => Math.floor(metres / MILLIMETRES / CELL_M);
    for (const client of this.clients) {
      const here = key(at(client.pose.x), at(client.pose.z));
      const cell = cells.get(here);
      if (cell) cell.push(client.pose);
      else cells.set(here, [client.pose]);
    }
    for (const client of this.clients) {
      const now = new Set();
      for (let dx = -1; dx <= 1; dx++)
        for (let dz = -1; dz <= 1; dz++)
          for (const pose of cells.get(key(at(client.pose.x) + dx, at(client.pose.z) + dz)) ?? []) now.add(pose);
      for (const pose of now) if (!client.seen.has(pose)) client.view.add(pose);
      for (const pose of client.seen) if (!now.has(pose) && pose !== client.pose) client.view.remove(pose);
      client.seen = now;
    }
  }
}

const server = http.createServer();
const colyseus = new Server({ transport: new WebSocketTransport({ server }), greet: false });
colyseus.define('alley', AlleyRoom);
await colyseus.listen(0, '127.0.0.1');
console.log(`port ${server.address().port}`);
