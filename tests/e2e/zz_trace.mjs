import { chromium } from '@playwright/test';
import fs from 'node:fs';
import { watchFirstCard, firstCard } from './bench/marks.mjs';
const shape={ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const ctx = await chromium.launchPersistentContext(process.env.PROFILE??'/tmp/hkprofile', { executablePath:'/usr/bin/chromium', headless:true, args:['--no-sandbox','--disable-gpu','--disable-background-networking','--disable-component-update','--disable-sync','--no-first-run'], locale:'zh-CN', timezoneId:'Asia/Shanghai', ...shape});
const page=ctx.pages()[0];
await ctx.addInitScript(watchFirstCard);
await new Promise(r=>setTimeout(r,1500));
const b=await ctx.newCDPSession(page);
const trace=process.env.TRACE!=='0';
const bs = ctx.browser() ? await ctx.browser().newBrowserCDPSession() : null;
const events=[];
if(trace){ bs.on('Tracing.dataCollected',e=>events.push(...e.value));
await bs.send('Tracing.start',{transferMode:'ReportEvents',traceConfig:{includedCategories:['toplevel','devtools.timeline','v8','v8.wasm','v8.compile','blink.user_timing','ServiceWorker','disabled-by-default-v8.compile','loading','disabled-by-default-v8.cpu_profiler'],enableArgumentFilter:false}});}
await page.goto('http://localhost:18999/',{waitUntil:'commit'});
const seen=await firstCard(page);
console.log(seen.ms);
if(trace){ const done=new Promise(r=>bs.on('Tracing.tracingComplete',r)); await bs.send('Tracing.end'); await done; fs.writeFileSync('/tmp/trace.json',JSON.stringify({traceEvents:events})); console.log(events.length);}
await new Promise(r=>setTimeout(r,1000));
await ctx.close(); process.exit(0);
