import { Stack } from 'aws-cdk-lib';
import { type HttpApi, type HttpMethod, HttpRoute, HttpRouteKey, type IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { routes } from '../../contracts/routes.ts';
import type { ApiFunction } from './api-function.ts';

/** Made in this stack, or in another. */
type Api = HttpApi | IHttpApi;

/** The routes of the table that a function serves, all by one integration and one permission. */
export class HttpRoutes extends Construct {
  readonly #integration: HttpLambdaIntegration;
  readonly #api: Api;
  readonly #fn: ApiFunction;

  constructor(scope: Construct, id: string, api: Api, fn: ApiFunction) {
    super(scope, id);
    this.#api = api;
    this.#fn = fn;
    this.#integration = new HttpLambdaIntegration('Integration', fn.lambda, { scopePermissionToRoute: false });
    for (const route of Object.values(routes)) {
      if (route.fn === fn.routesOf) this.#add(route.id, HttpRouteKey.with(route.path, route.method as HttpMethod));
    }
  }

  /** Also serves what no route is for. */
  addDefault(): void {
    this.#add('$default', HttpRouteKey.DEFAULT);
    // The shared permission is for `<stage>/<method>/<path>`; this route's source is `<stage>/$default`, which it does not cover.
    this.#fn.lambda.addPermission('DefaultRoute', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(this).formatArn({
        service: 'execute-api',
        resource: this.#api.apiId,
        resourceName: '*/$default',
      }),
    });
  }

  #add(id: string, routeKey: HttpRouteKey): void {
    new HttpRoute(this, id, { httpApi: this.#api, routeKey, integration: this.#integration });
  }
}
