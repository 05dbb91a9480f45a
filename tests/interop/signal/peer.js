'use strict';
// One Signal-v3 client behind JSON lines: a request a line on stdin, its answer a line on stdout; bytes are hex.
// bundle {oneTime} | initiate {bundle} | encrypt {text} | decrypt {preKey, bytes} | verify {key, message, signature}

const readline = require('readline');
const signal = require('@signalapp/libsignal-client');

const buffer = (hex) => Buffer.from(hex, 'hex');
const other = signal.ProtocolAddress.new('kith', 1);

class Sessions extends signal.SessionStore {
    records = new Map();
    async saveSession(name, record) { this.records.set(name.toString(), record.serialize()); }
    async getSession(name) {
        const found = this.records.get(name.toString());
        return found ? signal.SessionRecord.deserialize(found) : null;
    }
    async getExistingSessions(names) { return Promise.all(names.map((name) => this.getSession(name))); }
}

class Identities extends signal.IdentityKeyStore {
    key = signal.PrivateKey.generate();
    async getIdentityKey() { return this.key; }
    async getLocalRegistrationId() { return 4711; }
    async saveIdentity() { return false; }
    async isTrustedIdentity() { return true; }
    async getIdentity() { return null; }
}

class PreKeys extends signal.PreKeyStore {
    keys = new Map();
    async savePreKey(id, record) { this.keys.set(id, record.serialize()); }
    async getPreKey(id) { return signal.PreKeyRecord.deserialize(this.keys.get(id)); }
    async removePreKey(id) { this.keys.delete(id); }
}

class SignedPreKeys extends signal.SignedPreKeyStore {
    keys = new Map();
    async saveSignedPreKey(id, record) { this.keys.set(id, record.serialize()); }
    async getSignedPreKey(id) { return signal.SignedPreKeyRecord.deserialize(this.keys.get(id)); }
}

class NoKyber extends signal.KyberPreKeyStore {
    async saveKyberPreKey() {}
    async getKyberPreKey() { throw new Error('no KEM in this profile'); }
    async markKyberPreKeyUsed() {}
}

const sessions = new Sessions();
const identities = new Identities();
const preKeys = new PreKeys();
const signedPreKeys = new SignedPreKeys();

const calls = {
    async bundle({oneTime}) {
        const signedKey = signal.PrivateKey.generate();
        const signedPublic = signedKey.getPublicKey();
        const signature = identities.key.sign(signedPublic.serialize());
        await signedPreKeys.saveSignedPreKey(
            7, signal.SignedPreKeyRecord.new(7, 0, signedPublic, signedKey, signature));
        const answer = {
            identity: identities.key.getPublicKey().serialize().toString('hex'),
            signedPreKeyId: 7,
            signedPreKey: signedPublic.serialize().toString('hex'),
            signature: signature.toString('hex'),
        };
        if (oneTime) {
            const key = signal.PrivateKey.generate();
            await preKeys.savePreKey(9, signal.PreKeyRecord.new(9, key.getPublicKey(), key));
            answer.preKeyId = 9;
            answer.preKey = key.getPublicKey().serialize().toString('hex');
        }
        return answer;
    },
    async initiate({bundle}) {
        const key = (hex) => signal.PublicKey.deserialize(buffer(hex));
        await signal.processPreKeyBundle(
            signal.PreKeyBundle.new(42, 1, bundle.preKey ? bundle.preKeyId : null,
                                    bundle.preKey ? key(bundle.preKey) : null, bundle.signedPreKeyId,
                                    key(bundle.signedPreKey), buffer(bundle.signature), key(bundle.identity)),
            other, sessions, identities);
        return {};
    },
    async encrypt({text}) {
        const message = await signal.signalEncrypt(buffer(text), other, sessions, identities);
        return {
            preKey: message.type() === signal.CiphertextMessageType.PreKey,
            bytes: message.serialize().toString('hex'),
        };
    },
    async decrypt({preKey, bytes}) {
        const text = preKey
            ? await signal.signalDecryptPreKey(signal.PreKeySignalMessage.deserialize(buffer(bytes)), other, sessions,
                                               identities, preKeys, signedPreKeys, new NoKyber())
            : await signal.signalDecrypt(signal.SignalMessage.deserialize(buffer(bytes)), other, sessions, identities);
        return {text: text.toString('hex')};
    },
    async verify({key, message, signature}) {
        return {valid: signal.PublicKey.deserialize(buffer(key)).verify(buffer(message), buffer(signature))};
    },
};

let queue = Promise.resolve();
readline.createInterface({input: process.stdin}).on('line', (line) => {
    queue = queue.then(async () => {
        let answer;
        try {
            const request = JSON.parse(line);
            answer = await calls[request.op](request);
        } catch (error) {
            answer = {error: String(error)};
        }
        process.stdout.write(JSON.stringify(answer) + '\n');
    });
});
