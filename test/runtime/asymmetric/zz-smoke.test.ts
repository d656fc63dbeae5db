import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { it, expect } from 'vitest';
import { shared } from '../../shared.js';
import { Guest } from '../../guest/guest.js';
import { Asymmetric } from '../../guest/asymmetric.js';
const hex=(s:string)=>Uint8Array.from(Buffer.from(s,'hex'));
const load=(p:string)=>{const b=readFileSync(shared('vectors/'+p));return JSON.parse((p.endsWith('.gz')?gunzipSync(b):b).toString());};
it('rfc8032', () => {
  const a = new Asymmetric(new Guest());
  for (const c of load('rfc/rfc8032_ed25519.json').cases) {
    const kp = a.keypairImport('ed25519', hex(c.secretKey + c.publicKey), 0);
    expect(Buffer.from(a.signMessage(kp, hex(c.message))).toString('hex')).toBe(c.signature);
    a.verifyMessage(a.keypairPublickey(kp), 'Ed25519', hex(c.message), hex(c.signature));
  }
  for (const id of ['Ed25519','ECDSA_P256_SHA256','ECDSA_P384_SHA384','ECDSA_K256_SHA256','RSA_PKCS1_2048_SHA256','RSA_PSS_2048_SHA384']) {
    const kp=a.keypairGenerate(id); const sig=a.signMessage(kp, hex('00')); a.verifyMessage(a.keypairPublickey(kp), id, hex('00'), sig);
    for (const e of [0,1,2,3]) { try { const x=a.keypairExport(kp,e); const k2=a.keypairImport(id,x,e); a.verifyMessage(a.keypairPublickey(k2),id,hex('00'),sig); } catch(err) { console.log(id,e,String(err)); } }
  }
  for (const id of ['X25519','P256-SHA256','P384-SHA384']) { const k1=a.keypairGenerate(id), k2=a.keypairGenerate(id);
    expect(a.dh(a.keypairPublickey(k1),a.keypairSecretkey(k2))).toEqual(a.dh(a.keypairPublickey(k2),a.keypairSecretkey(k1))); }
  const k=a.keypairGenerate('X-WING'); const e=a.encapsulate(a.keypairPublickey(k)); expect(a.decapsulate(a.keypairSecretkey(k),e.encapsulated)).toEqual(e.secret);
  for (const c of [...load('xwing/test-vectors.json'), ...load('xwing/generated.json').cases.filter((c:any)=>c.result==='valid')]) { const s=a.secretkeyImport('x-wing',hex(c.sk),0); expect(Buffer.from(a.decapsulate(s,hex(c.ct))).toString('hex')).toBe(c.ss); expect(Buffer.from(a.publickeyExport(a.publickeyFromSecretkey(s),0)).toString('hex')).toBe(c.pk); }
  console.table(a.guest.host.capabilities().algorithms.filter((x)=>x.category!=='symmetric').map(({id,supported,backend,reason})=>({id,supported,backend,reason})));
});
