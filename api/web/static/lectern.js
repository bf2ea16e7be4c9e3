// Small enhancements. Every page works without this file. Buttons that need it (.needs-js) show only with it.
document.documentElement.classList.add('js');
const $=(s,r=document)=>r.querySelector(s), $$=(s,r=document)=>[...r.querySelectorAll(s)];

// A form that was sent back: the focus goes to the list of what to fix.
$('[data-focus]')?.focus();

// The bar at the lower edge must not cover a text one tabs into: browsers look only after its first line.
addEventListener('keyup',e=>{if (e.key==='Tab'&&document.activeElement.matches('textarea')) document.activeElement.scrollIntoView({block:'nearest'})});

// Word and character counters: the limit comes from the markup, the server checks again.
for (const box of $$('[data-count]')) {
  const out=document.getElementById(box.dataset.count), words=+box.dataset.words, chars=+box.dataset.chars;
  const show=()=>{const w=(box.value.match(/\S+/g)||[]).length, c=[...box.value].length;
    out.textContent=words?`${w} of ${words} words`:`${c} of ${chars} characters`; out.classList.toggle('over',words>0&&w>words||chars>0&&c>chars)};
  box.addEventListener('input',show); show();
}

// Signing out takes unsaved copies off this device: it may be a shared one.
for (const f of $$('form[data-sign-out]')) f.addEventListener('submit',()=>{try{for (const k of Object.keys(localStorage)) if (k.startsWith('lectern:')) localStorage.removeItem(k)} catch {/* no storage */}});

// Steppers
for (const s of $$('[data-stepper]')) {
  const input=$('input',s), [less,more]=$$('button',s), min=+s.dataset.min, step=+s.dataset.step;
  const by=d=>{input.value=Math.max(min,(parseInt(input.value,10)||min)+d); input.dispatchEvent(new Event('input',{bubbles:true}))};
  less.addEventListener('click',()=>by(-step)); more.addEventListener('click',()=>by(step));
}

// Checkout: price preview and the quote branch. Prices, the threshold and the button text stand in the markup.
const co=$('[data-checkout]');
if (co) {
  const usd=c=>(c/100).toLocaleString('en-US',{style:'currency',currency:'USD',minimumFractionDigits:c%100?2:0}), from=+co.dataset.quoteFrom;
  const update=()=>{const n=Math.max(1,parseInt(co.seats.value,10)||1), seats=`${n} ${n===1?'seat':'seats'}`;
    for (const el of $$('[data-pay]')) el.hidden=n>=from;
    for (const el of $$('[data-quote]')) el.hidden=n<from;
    for (const b of $$('[data-cta]',co)) {$('span',b).textContent=b.dataset.cta.replace('{seats}',seats); b.type=b.hidden?'button':'submit'; b.classList.toggle('primary',!b.hidden)}
    for (const r of $$('[data-cents]')) $('[data-total]',r).textContent=usd(n*r.dataset.cents);
    $('[data-count-of]').textContent=seats};
  co.addEventListener('input',update); update();
}

// Hold clock: counts down from what the server sent, and speaks rarely
for (const h of $$('[data-hold]')) {
  const clock=$('[data-hold-clock]',h), say=$('[data-hold-say]',h), marks=h.dataset.say.split(' ').map(Number), end=Date.now()+h.dataset.seconds*1000;
  let told=Infinity;
  const tick=()=>{const left=Math.max(0,Math.round((end-Date.now())/1000)), m=marks.filter(x=>left<=x).pop();
    clock.textContent=left?`${Math.floor(left/60)}:${String(left%60).padStart(2,'0')} left`:'Time is up. Order the seats again.';
    h.classList.toggle('late',left<=marks.at(-2));
    if (m&&m<told) {told=m; const n=Math.ceil(left/60); say.textContent=`${n} ${n===1?'minute':'minutes'} left to finish.`}
    if (!left) {clearInterval(timer); say.textContent=clock.textContent}};
  const timer=setInterval(tick,1000); tick();
}

// Rubric: sum of weight x (score-1)/4, from 0 to 100, once every criterion is scored
for (const f of $$('[data-score]')) {
  const out=$('[data-out]',f), sets=$$('.crit',f), note=f.elements.comment, picked=()=>sets.map(s=>$('input:checked',s));
  const sum=()=>{const p=picked(), n=p.filter(Boolean).length;
    out.textContent=n===sets.length?`${+p.reduce((t,r)=>t+r.dataset.w*(r.value-1)/(r.closest('.rate').children.length-1),0).toFixed(2)} of 100`:out.dataset.open.replace('{n}',n).replace('{of}',sets.length);
    note.required=[...f.elements].some(e=>e.checked&&'needsComment' in e.dataset)};
  for (const e of f.elements) e.addEventListener('change',sum);
  sum();
  // Single-key shortcuts are off until switched on (WCAG 2.1.4), and never work while typing
  const on=$('[data-shortcuts]',f); on.checked=localStorage.shortcuts==='on'; on.addEventListener('change',()=>localStorage.shortcuts=on.checked?'on':'off');
  document.addEventListener('keydown',e=>{if (!on.checked||e.ctrlKey||e.metaKey||e.altKey||e.target.matches('textarea,select,input:not([type=radio],[type=checkbox])')) return;
    const b=[...f.elements].find(x=>x.dataset.key===e.key); if (b) return b.click();
    const set=document.activeElement.closest?.('.crit')||sets.find(s=>!$('input:checked',s)), r=set&&$(`[value="${e.key}"]`,set);
    if (r&&!r.matches(':disabled')) {e.preventDefault(); r.checked=true; r.focus(); r.dispatchEvent(new Event('input',{bubbles:true})); sum()}});
}

// Ranking: buttons, keyboard and drag all call move(); each move is posted with the list's version, one after the other
const rank=$('[data-rank]');
if (rank) {
  const form=rank.closest('form'), live=$('[data-live]'), dlg=$('#mv'), cut=$('[data-cut]',rank), cutAt=+rank.dataset.cutAt; let drag,target,sent=Promise.resolve();
  const items=()=>$$('li[data-id]',rank), name=li=>$("a b",li).textContent, above=()=>items().slice(0,cutAt).map(li=>li.dataset.id).sort().join();
  const paint=()=>{items().forEach((li,i,a)=>{$('.pos',li).textContent=i+1; const up=$('[name=up]',li), down=$('[name=down]',li); if (up) {up.disabled=i===0; down.disabled=i===a.length-1}}); if (cut) cutAt?items()[cutAt-1].after(cut):rank.prepend(cut)};
  const show=a=>{a.forEach(x=>rank.append(x)); paint()};
  const send=(li,to,before,crossed)=>{sent=sent.then(async()=>{
    const v=$('[data-version]',form).value; let r;
    try {r=await fetch(form.action,{method:'POST',headers:{Accept:'application/json'},body:new URLSearchParams({version:v,of:li.dataset.id,to:to+1})})}
    catch {show(before); live.textContent=`${name(li)} was not moved: there is no connection. The list is as it was saved.`; return}
    if (!r.ok) {location.replace(`${form.action}?saw=${v}`); return new Promise(()=>{})}
    const j=await r.json(); $$('[data-version]').forEach(x=>x.value=j.version); live.textContent=j.said;
    if (crossed) $('#balance').replaceChildren(...$('#balance',new DOMParser().parseFromString(await (await fetch(form.action)).text(),'text/html')).childNodes)})};
  const move=(li,to,focus)=>{const before=items(), a=[...before], from=a.indexOf(li), were=above(); to=Math.max(0,Math.min(a.length-1,to)); if(to===from) return;
    a.splice(from,1); a.splice(to,0,li); show(a); live.textContent='Saving…'; send(li,to,before,were!==above());
    $$('.moved',rank).forEach(x=>x.classList.remove('moved')); li.classList.add('moved');
    if (focus) {const b=$(`[name=${focus}]`,li); (b.disabled?$('.moves button:not(:disabled)',li):b).focus()}};
  rank.addEventListener('click',e=>{const b=e.target.closest('button,[data-moveto]'); if(!b) return; e.preventDefault(); const li=b.closest('li');
    if (b.name) return move(li,items().indexOf(li)+(b.name==='up'?-1:1),b.name); target=li; $('#mvh',dlg).textContent=`Move “${name(li)}”`; $('#mvn',dlg).value=''; dlg.returnValue=''; dlg.showModal()});
  dlg.addEventListener('close',()=>{if(dlg.returnValue==='ok') move(target,$('#mvn',dlg).value-1); $('[data-moveto]',target).focus()});
  rank.addEventListener('dragstart',e=>{drag=e.target.closest('li[draggable]'); drag?.classList.add('dragging')});
  rank.addEventListener('dragover',e=>{if(drag&&e.target.closest('li[data-id]')) e.preventDefault()});
  rank.addEventListener('drop',e=>{const li=e.target.closest('li[data-id]'); if(li&&drag) {e.preventDefault(); move(drag,items().indexOf(li))}});
  rank.addEventListener('dragend',()=>{drag?.classList.remove('dragging'); drag=null});
}

// Print buttons
for (const b of $$('[data-print]')) b.addEventListener('click',()=>print());

// The reader's own time, only where it differs from the zone written on the page; the day is added when that differs too
for (const el of $$('[data-local]')) {
  const at=new Date(el.dataset.local), part=(o,timeZone)=>at.toLocaleString('en-US',{timeZone,...o});
  const clock=z=>part({hour:'numeric',minute:'2-digit'},z).replace('AM','a.m.').replace('PM','p.m.'), day=z=>part({weekday:'short',month:'short',day:'numeric'},z), home=el.dataset.zone;
  if (clock()!==clock(home)||day()!==day(home)) el.textContent=` (${day()===day(home)?'':day()+', '}${clock()} your time)`;
}

// Copy buttons: a field's value, or the text of a paragraph
for (const b of $$('[data-copy]')) {
  const label=$('span',b), was=label.textContent;
  b.addEventListener('click',async()=>{const el=document.getElementById(b.dataset.copy); await navigator.clipboard.writeText(el.value??el.textContent); label.textContent=b.dataset.done; setTimeout(()=>label.textContent=was,2000)});
}

// Review queue starts closed where it would push the proposal off a small screen
const q=$('.queue-details'); if (q && matchMedia('(max-width:71.99rem)').matches) q.open=false;
