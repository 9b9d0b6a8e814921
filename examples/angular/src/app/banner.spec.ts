import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { injectCall, provideSora } from 'rx-sora/angular';
import { FakeSora, createFakePlatform } from 'rx-sora/testing';
import { Banner } from './banner';
import { Settings } from './settings';

@Component({ selector: 'app-host', imports: [Banner], template: '<app-banner [call]="call" />' })
class Host {
  readonly call = injectCall(() => ({ channelId: 'room' }));
}

describe('the banner', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function bannerOnFakes() {
    const fake = createFakePlatform();
    TestBed.configureTestingModule({
      providers: [provideSora({ signalingUrl: 'wss://sora.test/signaling', role: 'sendrecv', platform: fake.platform })],
    });
    const fixture = TestBed.createComponent(Host);
    fixture.detectChanges();
    const sora = new FakeSora(fake, { mode: 'W' });
    sora.reach('connected');
    const text = (): string => {
      fixture.detectChanges();
      return (fixture.nativeElement as HTMLElement).textContent;
    };
    return { fixture, sora, text };
  }

  test('is not there in a call', () => {
    expect(bannerOnFakes().text()).toBe('');
  });

  test('says that a lost call is tried again, and retries at once when asked to', () => {
    const { fixture, sora, text } = bannerOnFakes();
    sora.socket.remote.close(1006);
    expect(text()).toContain('The connection was lost and is tried again.');
    (fixture.nativeElement as HTMLElement).querySelector('button')?.click();
    sora.reach('connected');
    expect(text()).toBe('');
  });

  test('says in the language of the user why a call is over', () => {
    const { sora, text } = bannerOnFakes();
    sora.socket.remote.close(1000, 'DISCONNECTED-API');
    expect(text()).toContain('the server closed the session');
    TestBed.inject(Settings).language.set('ja');
    expect(text()).toContain('サーバー');
    expect(text()).toContain('もう一度参加');
  });
});
